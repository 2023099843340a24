/** The way to the home page. */
export function GoHome() {
  return (
    <p>
      <a href="/">Send files yourself</a>
    </p>
  );
}
