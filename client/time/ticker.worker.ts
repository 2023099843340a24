/** Tells its page every so many milliseconds, as the page asks, that they are over. */
addEventListener('message', (event: MessageEvent<number>) => {
  setInterval(() => postMessage(null), event.data);
});
