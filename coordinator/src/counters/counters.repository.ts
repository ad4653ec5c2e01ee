// Port: counters that survive restarts.

export abstract class CountersRepository {
  abstract get(name: string): number;
  abstract add(name: string, amount: number): Promise<void>;
}
