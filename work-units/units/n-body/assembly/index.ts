// The unit as a WASI command.
import { advance, finish, start } from "./simulation";

function main(): void {
  start();
  while (advance());
  finish();
}

// The compiler makes the top level the exported _start (exportStart): a module with a start section would run before its host is ready.
main();
