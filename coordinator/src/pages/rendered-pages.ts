// Answers each public address with its page: rendered for all viewers of some seconds together, not sent again while it is the same.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { briefly } from '../http/briefly.js';
import { isSame, tagOf } from '../http/reusable.js';
import { addressOf, PAGE_PATTERNS, type PageAddress, type PageName, withoutLastSlash } from './addresses.js';
import { fill, type Template } from './page.js';
import type { PageFacts } from './page-facts.service.js';

const PAGE_LIFETIME_MS = 5000;
const RENDERED_PAGES_MAXIMUM = 200;

/** A page that is remembered is sent to everybody. */
const COMPUTED = { config: { costly: 'computed' } } as const;

type Rendered = { readonly document: string; readonly etag: string };

export class RenderedPages {
  readonly #render: (address: PageAddress) => Rendered;

  constructor(
    template: Template,
    private readonly facts: PageFacts,
  ) {
    this.#render = briefly(
      PAGE_LIFETIME_MS,
      (address: PageAddress): Rendered => {
        const document = fill(template, facts.page(address), facts.publicUrl());
        return { document, etag: tagOf(document) };
      },
      RENDERED_PAGES_MAXIMUM,
    );
  }

  /** One route for each address; with a slash too many at its end it leads to the right one. */
  register(fastify: FastifyInstance): void {
    for (const [name, pattern] of Object.entries(PAGE_PATTERNS) as [PageName, string][]) {
      fastify.get(pattern, COMPUTED, (request, reply) => this.send(request, reply, name));
      if (pattern !== '/')
        fastify.get(`${pattern}/`, (request, reply) => reply.redirect(withoutLastSlash(request.url), 308));
    }
  }

  /** The page that says that there is none. */
  sendUnknown(reply: FastifyReply): FastifyReply {
    return asPage(reply)
      .status(404)
      .send(this.#render({ name: 'unknown' }).document);
  }

  private send(request: FastifyRequest, reply: FastifyReply, name: PageName): FastifyReply {
    const asked = addressOf(name, request.params as Record<string, unknown>, request.query as Record<string, unknown>);
    const address = this.facts.known(asked);
    if (address.name === 'unknown') return this.sendUnknown(reply);
    const { document, etag } = this.#render(address);
    asPage(reply).header('etag', etag);
    return isSame(request.headers['if-none-match'], etag) ? reply.status(304).send() : reply.send(document);
  }
}

function asPage(reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'text/html; charset=utf-8').header('cache-control', 'no-cache');
}
