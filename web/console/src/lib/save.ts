// Hands bytes over to the browser as a file.

export function saveFile(blob: Blob, name: string) {
  const address = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}
