// Loaded into a server before it starts: each SIGUSR2 moves its clocks on by this many milliseconds. Timers stay as they
// are, so nothing hurries but what is compared with a clock: lifetimes.
const STEP_MS = Number(process.env['CLOCK_STEP_MS']);
let ahead = 0;

for (const clock of [Date, performance]) {
  const now = clock.now.bind(clock);
  clock.now = () => now() + ahead;
}

process.on('SIGUSR2', () => {
  ahead += STEP_MS;
});
