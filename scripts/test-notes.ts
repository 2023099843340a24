import * as v from 'valibot';

/** What a test says about the run: `note` belongs to the end of its output, `measured` is a time that decides nothing. */
const annotationSchema = v.object({ type: v.string(), description: v.optional(v.string()) });

const specSchema = v.object({
  title: v.string(),
  tests: v.array(v.object({ annotations: v.array(annotationSchema) })),
});

interface Suite {
  readonly specs: readonly v.InferOutput<typeof specSchema>[];
  readonly suites?: readonly Suite[] | undefined;
}

const suiteSchema: v.GenericSchema<unknown, Suite> = v.object({
  specs: v.array(specSchema),
  suites: v.optional(v.array(v.lazy(() => suiteSchema))),
});

const reportSchema = v.object({ suites: v.array(suiteSchema) });

/**
 * The lines that the tests in Playwright's JSON report have to say about the run: each note once, then each time that
 * was measured, with the title of its test.
 * @throws ValiError when it is no such report
 */
export function notesOfPlaywright(report: unknown): readonly string[] {
  const specs = v.parse(reportSchema, report).suites.flatMap(specsOf);
  const lines = (type: string, line: (text: string, title: string) => string): string[] =>
    specs.flatMap(({ title, tests }) =>
      tests
        .flatMap(({ annotations }) => annotations)
        .filter((annotation) => annotation.type === type)
        .map(({ description }) => line(description ?? '', title)),
    );
  const measured = lines('measured', (text, title) => `measured: ${text} (${title})`);
  return [...measured, ...new Set(lines('note', (text) => text))];
}

function specsOf({ specs, suites = [] }: Suite): Suite['specs'] {
  return [...specs, ...suites.flatMap(specsOf)];
}
