import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { registryAction } from '../testing/registry-action.ts';
import { LIFETIME_MS, RegistryWorld } from '../testing/registry-world.ts';

const actions = fc.array(registryAction, { maxLength: 150, size: 'max' });

test(
  '[SG1][SG2][SG3][SG5][SG7] whatever pages do, rooms keep their rules and end',
  { timeout: 30_000 },
  () => {
    fc.assert(
      fc.property(actions, (steps) => {
        const world = new RegistryWorld();
        for (const step of steps) world.run(step);
        world.clock.advance(LIFETIME_MS);
        world.run({ type: 'expire' });
        expect(world.registry.size).toBe(0);
        for (const connection of world.connections) {
          expect(world.registry.drop(connection)).toEqual([]);
          expect(world.registry.leave(connection).result.ok).toBe(false);
        }
      }),
      { seed: 20_260_101, numRuns: 150 },
    );
  },
);
