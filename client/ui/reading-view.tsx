import { formatCount } from './format.ts';
import { Heading } from './heading.tsx';
import { Hop } from './hop.tsx';

interface ReadingViewProps {
  /** files and empty folders found so far */
  readonly count: number;
  readonly onCancel: () => void;
}

/** The sending page while it looks into folders, or at very many files. */
export function ReadingView({ count, onCancel }: ReadingViewProps) {
  return (
    <div class="primary">
      <Hop stage="still" fraction={0} from="You" to="Receiver" />
      <Heading>Reading the list… {formatCount(count)} files</Heading>
      <p class="lead">Only names, sizes and dates are read now; what is in the files is not.</p>
      <p class="buttons">
        <button type="button" class="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </div>
  );
}
