// The OpenAPI document, made from the same zod schemas that check the calls.
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** Serves the document at /api/v1/openapi.json. */
export function serveOpenApi(app: INestApplication, version: string): void {
  let document: OpenAPIObject | undefined;
  const config = new DocumentBuilder()
    .setTitle('Manyhands coordinator')
    .setDescription(
      'Calls that need a signature carry it in the authorization header; see the protocol. Every answer of 400 or more is an error body.',
    )
    .setVersion(version)
    .addBearerAuth()
    .build();
  const create = (): OpenAPIObject => {
    document ??= SwaggerModule.createDocument(app, config);
    return document;
  };
  SwaggerModule.setup('api/v1/docs', app, create, { jsonDocumentUrl: 'api/v1/openapi.json', ui: false, raw: ['json'] });
}
