import type { Snippet } from "svelte";

export interface DialogProps {
  open: boolean;
  title: string;
  hint?: string;
  wide?: boolean;
  onclose?: () => unknown;
  children: Snippet;
}
