/** The clock of what is measured: other programs do not count. */

/** The time of the processor that a function takes in this process, in milliseconds. */
export function cpuMs(run: () => void): number {
  const { user, system } = process.cpuUsage();
  run();
  const after = process.cpuUsage();
  return (after.user + after.system - user - system) / 1000;
}
