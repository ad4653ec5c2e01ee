// Watches the machine for what matters to the volunteer's policy.

export type Sensor = { reason: 'battery' | 'disk'; intervalMs: number; read(): Promise<boolean> };

/** Reads each sensor now and at its interval, and reports what it says, changed or not: others may have reported it meanwhile. */
export function watchSensors(
  sensors: readonly Sensor[],
  onSensed: (reason: 'battery' | 'disk', isActive: boolean) => void,
): () => void {
  const stops = sensors.map(({ reason, intervalMs, read }) => {
    let isStopped = false;
    const check = async (): Promise<void> => {
      try {
        const isActive = await read();
        if (!isStopped) onSensed(reason, isActive);
      } catch {
        // a sensor that cannot be read says nothing
      }
    };
    const timer = setInterval(() => void check(), intervalMs);
    void check();
    return () => {
      isStopped = true;
      clearInterval(timer);
    };
  });
  return () => {
    for (const stop of stops) stop();
  };
}
