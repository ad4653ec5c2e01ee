// FASTA text with one record.
import { ProphageError } from './errors.js';

/** A sequence with what its record says about it. */
export interface SequenceRecord {
  /** The header's first word, for example gi|9626243|ref|NC_001416.1|. */
  readonly id: string;
  readonly description: string;
  /** Upper-case letters only. */
  readonly sequence: string;
}

/**
 * Reads FASTA text that holds exactly one record.
 * @throws ProphageError PROPHAGE_FASTA_INVALID
 */
export function parseFasta(text: string): SequenceRecord {
  const headerEnd = text.indexOf('\n');
  if (!text.startsWith('>') || headerEnd < 0) throw invalid('it does not start with a header line');
  const [id = '', ...words] = text.slice(1, headerEnd).trim().split(/\s+/);
  const sequence = text.slice(headerEnd).replace(/\s+/g, '').toUpperCase();
  if (!/^[A-Z]+$/.test(sequence)) throw invalid('the sequence is empty, or holds other characters than letters');
  return { id, description: words.join(' '), sequence };
}

function invalid(reason: string): ProphageError {
  return new ProphageError('PROPHAGE_FASTA_INVALID', `not a FASTA text with one record: ${reason}`);
}
