import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { NetworkLab } from './network-lab.ts';
import {
  ip,
  listNamespaces,
  namespaceName,
  removeLeftovers,
  removeNamespace,
} from './network-namespaces.ts';
import { runProgram } from './run-program.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

/** A process that has ended: the largest id that Linux can give, which none has. */
const GONE = 4_194_304;

const available = await NetworkLab.available();

/** Whether a host reaches an address; waits for an answer for a second. */
async function reaches(script: string, address: string): Promise<boolean> {
  const ask = `exec 3<>/dev/tcp/${address}/9`;
  // Nothing listens at port 9: a refusal is an answer, silence is none.
  const outcome = await runProgram(script, ['1', 'bash', '-c', ask]).catch(String);
  return /refused/.test(outcome);
}

describe.skipIf(!available)('NetworkLab', () => {
  const labs: NetworkLab[] = [];
  const openLab = async (...hosts: readonly string[]): Promise<NetworkLab> => {
    const lab = await NetworkLab.open(hosts);
    labs.push(lab);
    return lab;
  };

  afterEach(async () => {
    for (const lab of labs.splice(0)) await lab.close();
  });

  it('joins its hosts through the hub, until one is cut, and again when it is mended', async () => {
    await withTemporaryFolder(tmpdir(), async (folder) => {
      const lab = await openLab('alice', 'bob');
      const alice = await lab.scriptFor('alice', 'timeout', folder);
      expect(await reaches(alice, '10.77.2.2')).toBe(true);
      expect(await reaches(alice, lab.hubAddress)).toBe(true);
      await lab.cut('bob');
      expect(await reaches(alice, '10.77.2.2')).toBe(false);
      expect(await reaches(alice, lab.hubAddress)).toBe(true);
      await lab.mend('bob');
      expect(await reaches(alice, '10.77.2.2')).toBe(true);
      await lab.changeAddress('bob');
      expect(await reaches(alice, '10.77.2.2')).toBe(false);
      expect(await reaches(alice, '10.77.2.3')).toBe(true);
    });
  });

  it('leaves nothing behind', async () => {
    const own = `onehop-lab-${process.pid}-`;
    const ours = async () => (await listNamespaces()).filter((name) => name.startsWith(own));
    const lab = await openLab('alice');
    expect(await ours()).toHaveLength(2);
    await lab.close();
    expect(await ours()).toEqual([]);
  });

  it('removes what a run that was killed has left, and nothing of one that runs', async () => {
    const [left, running] = [namespaceName(GONE, 1, 'hub'), namespaceName(process.ppid, 1, 'hub')];
    await ip('netns', 'add', left);
    await ip('netns', 'add', running);
    try {
      await removeLeftovers();
      expect(await listNamespaces()).not.toContain(left);
      expect(await listNamespaces()).toContain(running);
    } finally {
      await removeNamespace(running);
      await removeNamespace(left);
    }
  });
});
