// Port: what the core asks of the disk.

export const DISK_PORT = Symbol('DISK_PORT');

export interface DiskPort {
  /** True: no new work is given out (MH-LTR-005), receipts are still taken. */
  isShort(): boolean;
}
