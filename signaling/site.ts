import { relative, sep } from 'node:path';
import express, { type RequestHandler, type Response } from 'express';
import helmet from 'helmet';

/** Browser features that the pages have no use for. */
const PERMISSIONS_POLICY = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/** The build names what it puts here after its content. */
const HASHED_FOLDERS: ReadonlySet<string> = new Set(['assets', 'workers']);

/**
 * The headers of every page: code, styles and connections from this site only. No HSTS and no upgrade to https, since
 * the page has to show over plain http in a local network too, if only to say what is missing there.
 */
export function securityHeaders(): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          workerSrc: ["'self'"],
          manifestSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      strictTransportSecurity: false,
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'deny' },
    }),
    (_, response, next) => {
      response.set('Permissions-Policy', PERMISSIONS_POLICY);
      next();
    },
  ];
}

/** Addresses of the site that are one and the same page, which looks by itself where it is. */
const PAGE_PATHS: ReadonlySet<string> = new Set(['/compare']);

/** Serves the built client; what is not in `folder` is left to the next handler. */
export function builtSite(folder: string): RequestHandler[] {
  return [asIndex, staticFiles(folder)];
}

const asIndex: RequestHandler = (request, _, next) => {
  if (PAGE_PATHS.has(request.path)) request.url = '/index.html';
  next();
};

function staticFiles(folder: string): RequestHandler {
  return express.static(folder, {
    redirect: false,
    setHeaders(response: Response, path: string) {
      const isHashed = HASHED_FOLDERS.has(relative(folder, path).split(sep)[0] ?? '');
      response.set(
        'Cache-Control',
        isHashed ? 'public, max-age=31536000, immutable' : 'public, no-cache',
      );
    },
  });
}
