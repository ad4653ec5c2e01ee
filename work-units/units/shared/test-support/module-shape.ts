// What a compiled module shows to its host.

/** Imports as `module.name` and exports as `kind name`, both sorted, and whether it has a start section (which would run before the host is ready). */
export function moduleShape(wasm: Uint8Array<ArrayBuffer>) {
  const module = new WebAssembly.Module(wasm);
  return {
    imports: WebAssembly.Module.imports(module)
      .map((entry) => `${entry.module}.${entry.name}`)
      .sort(),
    exports: WebAssembly.Module.exports(module)
      .map((entry) => `${entry.kind} ${entry.name}`)
      .sort(),
    hasStart: sectionsOf(wasm).includes(START_SECTION),
  };
}

const START_SECTION = 8;

/** The section numbers of a module, in order. */
function sectionsOf(wasm: Uint8Array): number[] {
  const sections: number[] = [];
  let at = 8;
  while (at < wasm.length) {
    sections.push(wasm[at++] ?? -1);
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++] ?? 0;
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += size;
  }
  return sections;
}
