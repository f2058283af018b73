// Keys that move along a list: j and k, or the arrows. Nothing of them is taken while somebody types.

const isTyping = (event: KeyboardEvent) =>
  event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [role=dialog], [contenteditable]") !== null;

export function listKeys(rows: () => number, at: () => number, move: (to: number) => void, more: Record<string, () => void> = {}) {
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    const last = rows() - 1;
    const to = { j: at() + 1, ArrowDown: at() + 1, k: at() - 1, ArrowUp: at() - 1, Home: 0, End: last }[event.key];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      move(Math.max(0, Math.min(last, to)));
    } else if (more[event.key]) {
      event.preventDefault();
      more[event.key]?.();
    }
  };
}
