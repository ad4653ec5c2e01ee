// Loaded first by a program that another one starts over a channel: it ends when the channel does, because then nobody waits for it any more.
// What it starts in turn has a channel of its own to its parent, and inherits the flag, but not the variable.
if (process.env.MANYHANDS_LAUNCHED === '1') {
  delete process.env.MANYHANDS_LAUNCHED;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
