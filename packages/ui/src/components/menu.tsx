import { useId, useRef } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import type { IconName } from "../icons/index.tsx";

export interface MenuItem {
  readonly icon: IconName;
  readonly label: string;
  readonly run: () => void;
  readonly danger?: boolean;
}

/** A button with a small menu. The browser closes it on Esc and on a click elsewhere. */
export function Menu({ label, items }: { readonly label: string; readonly items: readonly MenuItem[] }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  function place(): void {
    const menu = list.current;
    const at = button.current?.getBoundingClientRect();
    if (menu === null || at === undefined) return;
    menu.showPopover();
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
    menu.style.top = `${at.bottom + height + 8 > innerHeight ? at.top - height - 4 : at.bottom + 4}px`;
    menu.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }

  function onKey(event: KeyboardEvent): void {
    const all = [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    all.at((at + step + all.length) % all.length)?.focus();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class="icon-button menu-button"
        aria-haspopup="menu"
        aria-controls={id}
        aria-label={label}
        onClick={place}
      >
        <Icon name="more" />
      </button>
      <div ref={list} id={id} class="menu" role="menu" popover="auto" onKeyDown={onKey}>
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            class={item.danger === true ? "danger" : undefined}
            onClick={() => {
              list.current?.hidePopover();
              item.run();
            }}
          >
            <Icon name={item.icon} size={15} />
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
}
