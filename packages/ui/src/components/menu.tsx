import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import type { IconName } from "../icons/index.tsx";

export interface MenuItem {
  readonly icon: IconName;
  readonly label: string;
  readonly hint?: string;
  readonly run: () => void;
  readonly danger?: boolean;
}

interface MenuProps {
  readonly label: string;
  /** Asked for when the menu opens. */
  readonly items: () => readonly MenuItem[];
  /** `more` when absent. */
  readonly icon?: IconName;
  readonly class?: string;
}

/** A button with a small menu. The browser closes it on Esc and on a click elsewhere. */
export function Menu({ label, items, icon = "more", class: style = "icon-button menu-button" }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        class={style}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={label}
        title={label}
        onClick={() => setOpen(true)}
      >
        <Icon name={icon} />
      </button>
      {open && <MenuList id={id} button={button} items={items} onClose={() => setOpen(false)} />}
    </>
  );
}

interface ListProps extends Pick<MenuProps, "items"> {
  readonly id: string;
  readonly button: { readonly current: HTMLButtonElement | null };
  readonly onClose: () => void;
}

function MenuList({ id, button, items, onClose }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  const [shown] = useState(items);

  useLayoutEffect(() => {
    const menu = list.current;
    const at = button.current?.getBoundingClientRect();
    if (menu === null || at === undefined) return;
    menu.showPopover();
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
    menu.style.top = `${at.bottom + height + 8 > innerHeight ? at.top - height - 4 : at.bottom + 4}px`;
    menu.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }, []);

  function onKey(event: KeyboardEvent): void {
    const all = [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Tab") list.current?.hidePopover();
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    all.at((at + step + all.length) % all.length)?.focus();
  }

  return (
    <div
      ref={list}
      id={id}
      class="menu"
      role="menu"
      popover="auto"
      onKeyDown={onKey}
      onToggle={(event) => event.newState === "closed" && onClose()}
    >
      {shown.map((item) => (
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
          <span>
            {item.label}
            {item.hint !== undefined && <small>{item.hint}</small>}
          </span>
        </button>
      ))}
    </div>
  );
}
