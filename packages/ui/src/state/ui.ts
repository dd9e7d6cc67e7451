/** What the page itself remembers: appearance, what is open, notices. */
import { effect, signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Keeper } from "../lib/storage.ts";

export type Theme = "system" | "light" | "dark";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

interface ToastOptions {
  readonly action?: Toast["action"];
  readonly ms?: number;
  readonly onGone?: () => void;
  readonly name?: string;
}

export interface Question {
  readonly title: string;
  readonly body: string;
  readonly confirm: string;
  readonly run: () => void;
}

export interface UiStore {
  readonly theme: Signal<Theme>;
  readonly drawer: Signal<boolean>;
  readonly palette: Signal<boolean>;
  readonly models: Signal<boolean>;
  readonly question: Signal<Question | undefined>;
  /** Key of the session whose name is being edited. */
  readonly renaming: Signal<string | undefined>;
  readonly toasts: ReadonlySignal<readonly Toast[]>;
  /** Bumped to move the focus into the message box. */
  readonly focusComposer: Signal<number>;
  /** Key of a row that is to be shown; bumped by being another object. */
  readonly reveal: Signal<{ readonly key: string } | undefined>;
  /** Put into the message box in place of what stands there. */
  readonly compose: Signal<string | undefined>;
  /** Shows a notice for `ms`; `onGone` runs when it leaves without its action. It takes the place of one with its `name`. */
  toast(text: string, options?: ToastOptions): void;
  dismiss(id: number): void;
}

const THEME = "theme";
const TOAST_MS = 6000;

export function createUi(kept: Keeper, timer: (ms: number, fire: () => void) => void): UiStore {
  const theme = signal<Theme>(readTheme(kept.get(THEME)));
  const toasts = signal<readonly (Toast & Pick<ToastOptions, "onGone" | "name">)[]>([]);
  let count = 0;

  effect(() => {
    kept.set(THEME, theme.value === "system" ? undefined : theme.value);
    document.documentElement.dataset["theme"] = theme.value;
  });

  function leave(id: number, acted: boolean): void {
    const found = toasts.value.find((toast) => toast.id === id);
    if (found === undefined) return;
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
    if (!acted) found.onGone?.();
  }

  return {
    theme,
    drawer: signal(false),
    palette: signal(false),
    models: signal(false),
    question: signal<Question | undefined>(undefined),
    renaming: signal<string | undefined>(undefined),
    focusComposer: signal(0),
    reveal: signal<{ readonly key: string } | undefined>(undefined),
    compose: signal<string | undefined>(undefined),
    toasts,
    toast: (text, options = {}) => {
      count += 1;
      const id = count;
      const { action, onGone, name } = options;
      const before = name === undefined ? undefined : toasts.value.find((one) => one.name === name);
      if (before !== undefined) leave(before.id, false);
      const acting =
        action === undefined ? {} : { action: { label: action.label, run: () => (leave(id, true), action.run()) } };
      toasts.value = [
        ...toasts.value,
        { id, text, ...acting, ...(onGone === undefined ? {} : { onGone }), ...(name === undefined ? {} : { name }) },
      ];
      timer(options.ms ?? TOAST_MS, () => leave(id, false));
    },
    dismiss: (id) => leave(id, false),
  };
}

function readTheme(value: string | undefined): Theme {
  return value === "light" || value === "dark" ? value : "system";
}
