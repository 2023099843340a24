import { AxeBuilder } from '@axe-core/playwright';
import { type Page, expect } from 'playwright/test';

/** Fails on anything that axe finds wrong with the page as it is now. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html }) => html).join('\n')}`,
  );
  expect(found, `what axe found on the page in state ${state}`).toEqual([]);
}
