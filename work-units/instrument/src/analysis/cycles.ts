// Which nodes of a graph lie on a cycle, and in which order the rest can be summed up.

export type Components = {
  /** By node: number of its strongly connected component. Whoever is called has a number that is not larger. */
  componentOf: Int32Array;
  /** By node: whether a path leads from it back to itself. */
  isOnCycle: boolean[];
};

type Visit = { node: number; next: number };

/** Tarjan's algorithm with a stack of its own: the graph may be deep. Linear in nodes and edges. */
export function findComponents(edges: readonly (readonly number[])[]): Components {
  const count = edges.length;
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const componentOf = new Int32Array(count).fill(-1);
  const isOnCycle = new Array<boolean>(count).fill(false);
  const open: number[] = [];
  let visited = 0;
  let components = 0;

  const enter = (node: number, visits: Visit[]): void => {
    order[node] = low[node] = visited++;
    open.push(node);
    visits.push({ node, next: 0 });
  };
  const close = (node: number): void => {
    const members: number[] = [];
    let member: number;
    do {
      member = open.pop() as number;
      componentOf[member] = components;
      members.push(member);
    } while (member !== node);
    components++;
    const isCycle = members.length > 1 || (edges[node] as readonly number[]).includes(node);
    if (isCycle) for (const each of members) isOnCycle[each] = true;
  };

  for (let root = 0; root < count; root++) {
    if (order[root] !== -1) continue;
    const visits: Visit[] = [];
    enter(root, visits);
    while (visits.length > 0) {
      const visit = visits[visits.length - 1] as Visit;
      const target = (edges[visit.node] as readonly number[])[visit.next++];
      if (target === undefined) {
        visits.pop();
        const parent = visits[visits.length - 1]?.node;
        if (low[visit.node] === order[visit.node]) close(visit.node);
        if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[visit.node] as number);
      } else if (order[target] === -1) enter(target, visits);
      else if (componentOf[target] === -1)
        low[visit.node] = Math.min(low[visit.node] as number, order[target] as number);
    }
  }
  return { componentOf, isOnCycle };
}

/** The most that a path can sum up to, counting each node outside of cycles by its weight and those on cycles as nothing. */
export function longestPath(
  edges: readonly (readonly number[])[],
  { componentOf, isOnCycle }: Components,
  weightOf: (node: number) => number,
): number {
  const nodes = [...edges.keys()].sort((a, b) => (componentOf[a] as number) - (componentOf[b] as number));
  /** By component: the longest path that begins in it. */
  const longest = new Map<number, number>();
  for (const node of nodes) {
    const own = componentOf[node] as number;
    // Within a component every node may be followed by whatever follows another one.
    let behind = longest.get(own) ?? 0;
    for (const target of edges[node] as readonly number[]) {
      const other = componentOf[target] as number;
      if (other !== own) behind = Math.max(behind, longest.get(other) ?? 0);
    }
    longest.set(own, isOnCycle[node] ? behind : behind + weightOf(node));
  }
  let most = 0;
  for (const value of longest.values()) most = Math.max(most, value);
  return most;
}
