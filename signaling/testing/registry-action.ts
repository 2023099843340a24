import * as fc from 'fast-check';
import { REJOIN_GRACE_MS } from '../protocol/limits.ts';

/** How many rooms and sockets there are at most. */
export const LINK_COUNT = 3;
export const SLOT_COUNT = 13;

/** One thing that happens. `slot` says to which socket, `other` to which member. */
export type RegistryAction =
  | {
      readonly type: 'create' | 'join' | 'join-wrongly';
      readonly slot: number;
      readonly link: number;
    }
  | { readonly type: 'rejoin' | 'signal'; readonly slot: number; readonly other: number }
  | { readonly type: 'drop' | 'leave' | 'expel'; readonly slot: number }
  | { readonly type: 'advance'; readonly milliseconds: number }
  | { readonly type: 'expire' };

const slot = fc.nat(SLOT_COUNT - 1);
const link = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(LINK_COUNT - 1));
const other = fc.nat();
/** Any action; joins come often enough to fill a room. */
export const registryAction: fc.Arbitrary<RegistryAction> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('create' as const), slot, link }) },
  { weight: 20, arbitrary: fc.record({ type: fc.constant('join' as const), slot, link }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('join-wrongly' as const), slot, link }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('rejoin' as const), slot, other }) },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('signal' as const), slot, other }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('drop' as const), slot }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('leave' as const), slot }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('expel' as const), slot }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('advance' as const),
      milliseconds: fc.integer({ min: 1, max: REJOIN_GRACE_MS }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('expire' as const) }) },
);
