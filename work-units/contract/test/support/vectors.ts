// What every version must reproduce from the golden values, whatever the environment.
import {
  appVersionIdOf,
  batchIdOf,
  coordinatorIdOf,
  dagCborCidOf,
  describeResult,
  digestResult,
  encodeDagCbor,
  fromBase64Url,
  hostIdOf,
  keyPairOfSeed,
  open,
  projectGenesisSchema,
  projectIdOf,
  projectTextsSchema,
  rawCidOf,
  seal,
  toBase64Url,
  verifyBytes,
} from '@manyhands/contract';

export type Vectors = {
  version: 1;
  seed: string;
  publicKey: string;
  coordinatorId: string;
  hostId: string;
  genesisEnvelope: string;
  projectId: string;
  appVersionId: string;
  batchId: string;
  rawCid: string;
  dagCborCid: string;
  resultDigest: string;
};

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 251);

/** Computes every value afresh. */
export function computeVectors(): Vectors {
  const seed = bytes(32);
  const keys = keyPairOfSeed(seed);
  const coordinatorId = coordinatorIdOf(keys.publicKey);
  const genesis = {
    version: 1,
    name: 'example',
    title: 'Example',
    question: 'Why?',
    description: 'Because.\nSo.',
    ownerKey: keys.publicKey,
    nonce: bytes(16),
  };
  const payload = encodeDagCbor(genesis);
  const result = {
    exitCode: 10,
    stdout: bytes(300),
    files: [
      { name: 'b', bytes: null },
      { name: 'a', bytes: bytes(5) },
    ],
  };
  return {
    version: 1,
    seed: toBase64Url(seed),
    publicKey: toBase64Url(keys.publicKey),
    coordinatorId,
    hostId: hostIdOf(keys.publicKey),
    genesisEnvelope: toBase64Url(seal(genesis, { type: 'project-genesis', coordinatorId }, keys)),
    projectId: projectIdOf(payload),
    appVersionId: appVersionIdOf(payload),
    batchId: batchIdOf(projectIdOf(payload), 'first'),
    rawCid: rawCidOf(bytes(1000)),
    dagCborCid: dagCborCidOf(payload),
    resultDigest: toBase64Url(digestResult(describeResult(result))),
  };
}

/** Whether an envelope written by an earlier version opens today. */
export function opensGenesis(vectors: Vectors): boolean {
  const context = { type: 'project-genesis', coordinatorId: vectors.coordinatorId } as const;
  const opened = open(
    fromBase64Url(vectors.genesisEnvelope),
    { ...context, coordinatorId: coordinatorIdOf(fromBase64Url(vectors.publicKey)) },
    { schema: projectGenesisSchema, publicKey: fromBase64Url(vectors.publicKey) },
  );
  return opened.ok && opened.value.name === 'example' && projectIdOf(opened.payload) === vectors.projectId;
}

/** The signed texts of the project of the vectors. */
export type TextsVector = { version: 1; envelope: string };

export function computeTextsVector(): TextsVector {
  const keys = keyPairOfSeed(bytes(32));
  const { projectId } = computeVectors();
  const texts = {
    version: 1,
    projectId,
    sequence: 1,
    title: 'An example, edited',
    question: 'Why not?',
    description: '',
    inputLicence: 'public domain',
    resultLicence: 'CC0-1.0',
    contact: 'mailto:ada@example.org',
    runBy: '',
  };
  return {
    version: 1,
    envelope: toBase64Url(seal(texts, { type: 'project-texts', coordinatorId: coordinatorIdOf(keys.publicKey) }, keys)),
  };
}

/** Whether texts that an earlier version signed open today, for their project alone. */
export function opensTexts(vector: TextsVector, { publicKey, projectId }: Vectors): boolean {
  const key = fromBase64Url(publicKey);
  const context = { type: 'project-texts', coordinatorId: coordinatorIdOf(key) } as const;
  const opened = open(fromBase64Url(vector.envelope), context, { schema: projectTextsSchema, publicKey: key });
  return opened.ok && opened.value.projectId === projectId && opened.value.sequence === 1;
}

/** Signatures in the corners where libraries differ: key, message, signature (hex) and the verdict of our profile. */
export type SignatureCase = { what: string; key: string; message: string; signature: string; isValid: boolean };

export function verdict({ key, message, signature }: SignatureCase): boolean {
  const hex = (text: string): Uint8Array =>
    Uint8Array.from({ length: text.length / 2 }, (_, index) =>
      Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
    );
  return verifyBytes(hex(key), hex(message), hex(signature));
}
