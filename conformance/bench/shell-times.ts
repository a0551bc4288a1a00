/** What the command `times` of a shell prints. */

/** The time of the processor that the children of the shell took: its last line, in milliseconds. */
export function childrenCpuMs(text: string): number {
  const [user, system] = [
    ...text
      .trim()
      .split("\n")
      .at(-1)!
      .matchAll(/(\d+)m([\d.]+)s/g),
  ].map(([, minutes, seconds]) => Number(minutes) * 60_000 + Number(seconds) * 1000);
  return user! + system!;
}
