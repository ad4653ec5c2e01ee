// How to get the program: it is not in npm's registry yet.
import { CLONE_COMMANDS, INSTALL_COMMAND, INSTALLED_NAME } from '../common/program.js';

export function GettingIt() {
  return (
    <p className="mt-3 max-w-[62ch] text-sm text-ink-2">
      The command is typed in a clone of Manyhands, after <code>{CLONE_COMMANDS}</code>. Where it was installed from
      packed files (<code>{INSTALL_COMMAND}</code>), the program is called <code>{INSTALLED_NAME}</code> instead. Its
      name is not in npm’s registry.
    </p>
  );
}
