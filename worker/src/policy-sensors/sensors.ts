// Watches the machine and tells when something that matters to the volunteer's policy changes.

export type Sensor = { reason: 'battery' | 'disk'; intervalMs: number; read(): Promise<boolean> };

/** Reads each sensor now and at its interval; reports the first reading and every change. Returns the way to stop. */
export function watchSensors(
  sensors: readonly Sensor[],
  onSensed: (reason: 'battery' | 'disk', isActive: boolean) => void,
): () => void {
  const timers = sensors.map(({ reason, intervalMs, read }) => {
    let previous = false;
    const check = async (): Promise<void> => {
      const isActive = await read();
      if (isActive !== previous) onSensed(reason, isActive);
      previous = isActive;
    };
    void check();
    return setInterval(() => void check(), intervalMs);
  });
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
