/** Ends what the receiving page does; where something has arrived, the page asks first. */
export function CancelButton({ onPress }: { readonly onPress: () => void }) {
  return (
    <button type="button" class="button" onClick={onPress}>
      Cancel
    </button>
  );
}
