// The OpenAPI document, made from the same zod schemas that check the calls.
import { RequestMethod } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponseObject } from 'zod-openapi';
import { ANSWER, type Answer, BEARER, BODY_MAXIMUM_BYTES, SUBJECT } from './described.js';
import { metered } from './read-budget.js';

const PATH = '/api/v1/openapi.json';
const JSON_TYPE = 'application/json';
const BYTES_TYPE = 'application/octet-stream';
/** As Nest numbers them in what it notes of a handler's parameters. */
const [BODY, QUERY, PARAMETER] = [3, 4, 5];

type Document = ReturnType<typeof createDocument>;
type Handler = (...values: never[]) => unknown;
type Controller = { new (...values: never[]): object; readonly prototype: object; readonly name: string };
type Argument = { kind: number; name: string | undefined; schema: z.ZodType | undefined };
type Call = { path: string; method: string; operation: ZodOpenApiOperationObject };

/** Serves the document at /api/v1/openapi.json. It is made when somebody asks. */
export function serveOpenApi(app: NestFastifyApplication, version: string): void {
  let document: Document | undefined;
  app
    .getHttpAdapter()
    .getInstance()
    .get(PATH, { config: { costly: 'computed' } }, () => {
      document ??= metered(() => documentOf(callsOf(app), version));
      return document;
    });
}

function documentOf(calls: readonly Call[], version: string): Document {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const { path, method, operation } of calls) paths[path] = { ...paths[path], [method]: operation };
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Manyhands coordinator',
        description:
          'Calls that need a signature carry it in the authorization header; see the protocol. Every answer of 400 or more is an error body.',
        version,
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
      paths,
    },
    // Bytes and the like have no shape in JSON; what is sent of them is described beside the call.
    { allowEmptySchema: { custom: true, transform: true } },
  );
}

function callsOf(app: NestFastifyApplication): Call[] {
  const controllers = app.get(DiscoveryService).getControllers();
  const scanner = new MetadataScanner();
  return controllers.flatMap(({ metatype }) => {
    const controller = metatype as Controller;
    if (Reflect.getMetadata(SUBJECT, controller) === undefined) return [];
    return scanner.getAllMethodNames(controller.prototype).flatMap((name) => callOf(controller, name) ?? []);
  });
}

function callOf(controller: Controller, name: string): Call | undefined {
  const handler = (controller.prototype as Record<string, Handler>)[name] as Handler;
  const method: RequestMethod | undefined = Reflect.getMetadata(METHOD_METADATA, handler);
  if (method === undefined) return undefined;
  const path = [controller, handler].map((of) => Reflect.getMetadata(PATH_METADATA, of) as string);
  const segments = path.flatMap((part) => part.split('/')).filter((part) => part !== '');
  const code = Reflect.getMetadata(HTTP_CODE_METADATA, handler) ?? (method === RequestMethod.POST ? 201 : 200);
  const args = argumentsOf(controller, name);
  return {
    path: `/${segments.map((part) => (part === '*' ? '{path}' : part.replace(/^:(.*)$/, '{$1}'))).join('/')}`,
    method: RequestMethod[method].toLowerCase(),
    operation: {
      operationId: `${controller.name}_${name}`,
      tags: [Reflect.getMetadata(SUBJECT, controller)],
      requestParams: parametersOf(args),
      ...bodyOf(handler, args),
      responses: { [String(code)]: answerOf(controller, handler) },
      ...(Reflect.getMetadata(BEARER, controller) ? { security: [{ bearer: [] }] } : {}),
    },
  };
}

/** What Nest noted of the parameters of a handler: a record by `kind:position`. */
function argumentsOf(controller: Controller, name: string): Argument[] {
  const noted: Record<string, { data?: string; schema?: z.ZodType }> =
    Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {};
  return Object.entries(noted).map(([key, { data, schema }]) => ({
    kind: Number(key.split(':')[0]),
    name: data,
    schema,
  }));
}

function parametersOf(args: readonly Argument[]): NonNullable<ZodOpenApiOperationObject['requestParams']> {
  const path: Record<string, z.ZodType> = {};
  for (const { kind, name, schema } of args)
    if (kind === PARAMETER && name !== undefined) path[name === '*' ? 'path' : name] = schema ?? z.string();
  const query = args.find(({ kind }) => kind === QUERY)?.schema;
  return { path: z.object(path), ...(query instanceof z.ZodObject ? { query } : {}) };
}

function bodyOf(handler: Handler, args: readonly Argument[]): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  const maximumBytes: number | undefined = Reflect.getMetadata(BODY_MAXIMUM_BYTES, handler);
  if (maximumBytes !== undefined)
    return {
      requestBody: {
        required: true,
        content: { [BYTES_TYPE]: { schema: { type: 'string', format: 'binary', maxLength: maximumBytes } } },
      },
    };
  const schema = args.find(({ kind }) => kind === BODY)?.schema;
  return schema ? { requestBody: { required: true, content: { [JSON_TYPE]: { schema } } } } : {};
}

function answerOf(controller: Controller, handler: Handler): ZodOpenApiResponseObject {
  const answer: Answer | undefined = Reflect.getMetadata(ANSWER, handler) ?? Reflect.getMetadata(ANSWER, controller);
  if (!answer) return { description: '' };
  if ('schema' in answer) return { description: '', content: { [JSON_TYPE]: { schema: answer.schema } } };
  const isText = answer.contentType.startsWith('text/');
  const schema = { type: 'string' as const, ...(isText ? {} : { format: 'binary' }) };
  return { description: '', content: { [answer.contentType]: { schema } } };
}
