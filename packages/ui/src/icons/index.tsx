import { h } from "preact";
import {
  ArrowDown,
  ArrowLeft,
  ArrowUp,
  Bot,
  ChartColumn,
  Check,
  ChevronRight,
  ChevronLeft,
  CircleAlert,
  Copy,
  Cpu,
  Ellipsis,
  GitFork,
  History,
  Eye,
  File,
  EyeOff,
  GraduationCap,
  ListPlus,
  Lock,
  LogOut,
  MessageSquare,
  Monitor,
  Moon,
  PanelLeft,
  SlidersHorizontal,
  Undo2,
  Zap,
  Pencil,
  Paperclip,
  Plus,
  RotateCcw,
  Search,
  Settings,
  Square,
  SquarePen,
  Sun,
  Trash2,
  Unplug,
  Wrench,
  X,
} from "lucide";

const ICONS = {
  add: Plus,
  adjust: SlidersHorizontal,
  alert: CircleAlert,
  attach: Paperclip,
  back: ArrowLeft,
  before: ChevronLeft,
  check: Check,
  chevron: ChevronRight,
  close: X,
  copy: Copy,
  dark: Moon,
  delete: Trash2,
  down: ArrowDown,
  edit: Pencil,
  file: File,
  fork: GitFork,
  helper: Bot,
  hide: EyeOff,
  history: History,
  now: Zap,
  light: Sun,
  lock: Lock,
  logout: LogOut,
  message: MessageSquare,
  models: Cpu,
  more: Ellipsis,
  new: SquarePen,
  panel: PanelLeft,
  queue: ListPlus,
  reset: RotateCcw,
  search: Search,
  send: ArrowUp,
  settings: Settings,
  show: Eye,
  skills: GraduationCap,
  stop: Square,
  system: Monitor,
  tool: Wrench,
  undo: Undo2,
  unplugged: Unplug,
  up: ArrowUp,
  usage: ChartColumn,
} as const;

export type IconName = keyof typeof ICONS;

/** Decoration: what it means is said by the text or the label beside it. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      {ICONS[name].map(([tag, attributes], index) => h(tag as "path", { ...attributes, key: index }))}
    </svg>
  );
}

export function Logo({ size }: { readonly size: number }) {
  return (
    <svg class="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 2.5c7.6 0 13.500 6 13.500 13.400 0 7.500-6 13.600-13.600 13.600-4 0-7.200-1.400-9.400-3.800 2.200.9 4.600 1 6.900.3 4.600-1.400 7.600-5 7.600-9.300 0-2-.7-3.800-2-5.200-.5 3.600-3.300 6.700-7.200 7.700-3.600.9-6.800-.2-9-2.900C2.600 9 8.300 2.500 16 2.500Z" />
      <circle cx="11.200" cy="12" r="2.200" />
    </svg>
  );
}
