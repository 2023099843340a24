import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Comparison } from '../compare/comparison.ts';
import { lineRatesOf } from '../compare/textbook.ts';
import { verdict } from '../compare/verdict.ts';
import { NetworkPictures } from './network-picture.tsx';
import { ScalabilityTable } from './scalability-table.tsx';
import { TextbookAdvice } from './textbook-advice.tsx';
import { TextbookCost } from './textbook-cost.tsx';
import { type Measured, textbookNumbers } from './textbook-numbers.ts';
import './textbook-section.css';

/** The classic factors of client-server against peer-to-peer, each with what this comparison measured of it. */
export function TextbookSection({ comparison }: { readonly comparison: Comparison }) {
  const numbers = useMemo(() => textbookNumbers(comparison), [comparison]);
  const rates = useMemo(() => lineRatesOf(comparison), [comparison]);
  const { bytes } = comparison.plan.subject;
  return (
    <section class="card textbook">
      <h2>What the textbooks say, measured</h2>
      <p class="small-words">
        The factors that client-server and peer-to-peer are told apart by. Each says what was
        measured of it here or in the benchmark, what is computed from that, and what is not
        measured yet.
      </p>
      <Factor
        title="Network structure"
        words="Peer to peer, the bytes take one line, from one browser to the other; by client-server they take two, up to the server and down again."
      >
        <NetworkPictures comparison={comparison} />
        <Sourced of={numbers.structure} />
      </Factor>
      <Factor
        title="Roles"
        words="A server only answers, and a client only asks. Peers do both: directly, the receiver’s page asks for pieces and the sender’s page serves them. Stored and Streamed make the sender a client as well."
      >
        <Sourced of={numbers.roles} />
      </Factor>
      <Factor
        title="Control"
        words="Who runs the server can end what goes through it at any time. What goes directly can be ended by the two pages only: by Stop sharing, or by closing one. What the sender left with the server goes with Delete from server, or when its time is up."
      >
        <Sourced of={numbers.control} />
      </Factor>
      <Factor
        title="Where the data is kept"
        words="Directly, on the two devices and nowhere else. Stored and Streamed keep a sealed copy with the server until it expires or is deleted."
      >
        <Sourced of={numbers.kept} />
      </Factor>
      <Factor
        title="Scalability"
        words="Every further receiver takes as much of the sender’s uplink again where the sender serves them all; where a server does, one upload is enough for all, and the server’s line is shared."
      >
        <ScalabilityTable bytes={bytes} rates={rates} />
      </Factor>
      <Factor
        title="Stability"
        words="A direct transfer outlives the server’s end but not the sender’s; Stored outlives the sender’s end but not the server’s; Streamed needs both. A broken transfer goes on where it stopped, by each of them."
      >
        <Sourced of={numbers.stability} />
        <Sourced of={numbers.interrupted} />
      </Factor>
      <Factor
        title="Security"
        words="Peers need not trust anybody with the contents, but see each other’s address. A server sees who takes what and when; what passes this one is sealed in the sender’s browser with a key that is in the link only."
      >
        <Sourced of={numbers.security} />
      </Factor>
      <Factor
        title="Cost"
        words="Who runs a server pays for what goes in and out of it, and for what it keeps and how long. Directly, the users’ own lines carry everything."
      >
        <TextbookCost bytes={bytes} />
      </Factor>
      <Factor
        title="When to use which"
        words="No way is the best for everything: it depends on how many receive, and on whether the sender can stay."
      >
        <TextbookAdvice bytes={bytes} rates={rates} clear={verdict(comparison).type === 'winner'} />
      </Factor>
    </section>
  );
}

interface FactorProps {
  readonly title: string;
  readonly words: string;
  readonly children: ComponentChildren;
}

function Factor({ title, words, children }: FactorProps) {
  return (
    <div class="factor">
      <h3>{title}</h3>
      <div class="factor-body">
        <p>{words}</p>
        {children}
      </div>
    </div>
  );
}

/** A number with where it comes from, in words and not by its colour alone. */
function Sourced({ of: { words, source } }: { readonly of: Measured }) {
  return (
    <p class="sourced" data-source={source}>
      <span class="source">{source}</span> {words}
    </p>
  );
}
