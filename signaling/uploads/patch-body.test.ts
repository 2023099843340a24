import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { PatchBody } from './patch-body.ts';

/** A body, and what @tus/server makes of the empty one that it is given. */
function open() {
  const request = new PassThrough();
  const body = new PatchBody(request);
  const shadow = Readable.fromWeb(body.empty);
  shadow.on('error', () => {});
  return { request, body, shadow };
}

describe('the body of a PATCH', () => {
  test('goes past @tus/server, which gets nothing of it but its end', async () => {
    const { request, body, shadow } = open();
    let shadowed = 0;
    shadow.on('data', () => (shadowed += 1));
    const taken = await body.during(async () => {
      expect(PatchBody.current).toBe(body);
      const bytes = body.bytesUntil(shadow);
      request.write('one ');
      request.end('two');
      return await text(bytes);
    });
    expect(taken).toBe('one two');
    expect(PatchBody.current).toBeUndefined();
    expect(shadowed).toBe(0);
  });

  test('ends with an error where the request is cut in its middle', async () => {
    const { request, body, shadow } = open();
    const taking = body.during(async () => {
      const bytes = body.bytesUntil(shadow);
      request.write('half');
      request.destroy();
      return await buffer(bytes);
    });
    await expect(taking).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('of a request that was cut before is an error, and no wait', async () => {
    const { request, body, shadow } = open();
    request.destroy();
    const taking = body.during(() => buffer(body.bytesUntil(shadow)));
    await expect(taking).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('leaves the rest in the request where @tus/server wants no more of it', async () => {
    const { request, body, shadow } = open();
    await body.during(async () => {
      const bytes = body.bytesUntil(shadow);
      request.write('some');
      shadow.emit('end');
      await text(bytes);
    });
    request.end(' more');
    expect(await text(request)).toBe(' more');
  });
});
