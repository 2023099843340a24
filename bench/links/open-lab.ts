import type { Lab } from './lab.ts';
import { NetemLab, netemAvailable } from './netem-lab.ts';
import { StarLab } from './star-lab.ts';

/** Opens a lab with `tc netem` where the kernel has it, else with a program of ours. @throws Error without root */
export async function openLab(): Promise<Lab> {
  return (await netemAvailable()) ? await NetemLab.open() : await StarLab.open();
}

/** What `openLab` emulates lines with on this machine. */
export async function labMeans(): Promise<string> {
  return (await netemAvailable()) ? 'tc netem' : 'bench/links/star.c';
}
