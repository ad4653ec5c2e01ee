// Whether this computer runs on battery. A machine without battery, or one that does not tell, never does.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const POWER_SUPPLIES = '/sys/class/power_supply';

/** Reads the state of power; `powerSupplies` is the folder where Linux shows it. */
export async function isOnBattery(powerSupplies = POWER_SUPPLIES): Promise<boolean> {
  try {
    if (process.platform === 'linux') return await isOnBatteryLinux(powerSupplies);
    const { battery } = await import('systeminformation');
    const { hasBattery, acConnected } = await battery();
    return hasBattery && !acConnected;
  } catch {
    return false;
  }
}

async function isOnBatteryLinux(folder: string): Promise<boolean> {
  let isDischarging = false;
  for (const name of await readdir(folder)) {
    const attribute = async (attribute: string): Promise<string> =>
      (await readFile(join(folder, name, attribute), 'utf8').catch(() => '')).trim();
    const type = await attribute('type');
    // Power from outside, in whatever form, settles it.
    if ((type === 'Mains' || type === 'USB') && (await attribute('online')) === '1') return false;
    // The batteries of mice and headsets have the scope «Device».
    if (type === 'Battery' && (await attribute('scope')) !== 'Device' && (await attribute('status')) === 'Discharging')
      isDischarging = true;
  }
  return isDischarging;
}
