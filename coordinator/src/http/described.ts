// What a REST call says of itself for the OpenAPI document, beside what Nest knows of it: its subject, its answer, a body of bytes.
import { SetMetadata } from '@nestjs/common';
import type { ZodType } from 'zod';

export const SUBJECT = 'manyhands:subject';
export const ANSWER = 'manyhands:answer';
export const BODY_MAXIMUM_BYTES = 'manyhands:body-maximum-bytes';
export const BEARER = 'manyhands:bearer';

/** The answer: JSON of a shape, or content of another type. */
export type Answer = { schema: ZodType } | { contentType: string };

/** The heading under which the calls of a controller stand. A controller without one is not in the document. */
export const Subject = (name: string): ClassDecorator => SetMetadata(SUBJECT, name);

export const Answers = (schema: ZodType): MethodDecorator => SetMetadata(ANSWER, { schema } satisfies Answer);

/** The same, of content that is not JSON; at a controller, of all its calls. */
export const AnswersContent = (contentType: string): ClassDecorator & MethodDecorator =>
  SetMetadata(ANSWER, { contentType } satisfies Answer);

/** The body is bytes, not JSON. */
export const TakesBytes = (maximumBytes: number): MethodDecorator => SetMetadata(BODY_MAXIMUM_BYTES, maximumBytes);

/** All calls of the controller need the operator's token. */
export const NeedsToken = (): ClassDecorator => SetMetadata(BEARER, true);
