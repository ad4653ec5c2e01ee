// Programs of three languages as a scientist has them: no line of theirs knows of Manyhands. Compiled with Debian's own compilers.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '@manyhands/testing';

const run = promisify(execFile);

/**
 * Each counts words and sums numbers of stdin, copies the first line of a shared file, writes an output file; exit code 10 when there
 * are no numbers.
 */
const C = `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv) {
  char word[256], line[256] = "";
  long words = 0, sum = 0, numbers = 0;
  while (scanf("%255s", word) == 1) {
    char *end;
    long value = strtol(word, &end, 10);
    if (*end == 0) { sum += value; numbers++; }
    words++;
  }
  FILE *shared = fopen("shared.txt", "r");
  if (shared) { if (!fgets(line, sizeof line, shared)) line[0] = 0; fclose(shared); }
  printf("%s: %ld words, %ld numbers, sum %ld, shared %s\\n", argc > 1 ? argv[1] : "-", words, numbers, sum, line);
  FILE *out = fopen("numbers.txt", "w");
  fprintf(out, "%ld\\n", numbers);
  fclose(out);
  fprintf(stderr, "done\\n");
  return numbers ? 0 : 10;
}
`;

const CPP = `
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
struct Entry { virtual ~Entry() = default; virtual void print(std::ostream &to, const std::string &word) const = 0; };
struct Number : Entry {
  long value; int count = 0;
  explicit Number(long value) : value(value) {}
  void print(std::ostream &to, const std::string &) const override { to << value << " x" << count; }
};
struct Word : Entry { void print(std::ostream &to, const std::string &word) const override { to << '"' << word << '"'; } };
int main(int argc, char **argv) {
  std::map<std::string, std::unique_ptr<Entry>> entries;
  std::string word, line;
  double sum = 0;
  int numbers = 0;
  while (std::cin >> word) {
    char *end;
    long value = std::strtol(word.c_str(), &end, 10);
    auto &entry = entries[word];
    if (*end) { if (!entry) entry = std::make_unique<Word>(); continue; }
    if (!entry) entry = std::make_unique<Number>(value);
    static_cast<Number &>(*entry).count++;
    sum += value;
    numbers++;
  }
  std::ifstream shared("shared.txt");
  std::getline(shared, line);
  std::ostringstream text;
  for (const auto &entry : entries) { entry.second->print(text, entry.first); text << '\\n'; }
  std::cout << (argc > 1 ? argv[1] : "-") << ", shared " << line << ", mean " << std::setprecision(17)
            << (numbers ? sum / numbers : 0) << '\\n' << text.str();
  std::ofstream out("numbers.txt");
  out << std::hex << std::setw(8) << std::setfill('0') << numbers << std::endl;
  std::cerr << "done" << std::endl;
  return numbers ? 0 : 10;
}
`;

const RUST = `
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, Read, Write};
fn main() -> std::io::Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let (mut counts, mut numbers): (HashMap<&str, u32>, Vec<f64>) = (HashMap::new(), Vec::new());
    for word in text.split_whitespace() {
        *counts.entry(word).or_insert(0) += 1;
        if let Ok(number) = word.parse() { numbers.push(number); }
    }
    numbers.sort_by(|left, right| left.partial_cmp(right).unwrap());
    let sorted: BTreeMap<_, _> = counts.into_iter().collect();
    let shared = std::fs::File::open("shared.txt")?;
    let line = std::io::BufReader::new(shared).lines().next().unwrap()?;
    println!("{}, shared {}, {:?}", std::env::args().nth(1).unwrap_or_default(), line, sorted);
    println!("{:?} {:.3}", numbers.get(numbers.len() / 2), numbers.iter().map(|number| number.sqrt()).sum::<f64>());
    writeln!(std::fs::File::create("numbers.txt")?, "{}", numbers.len())?;
    eprintln!("done");
    std::process::exit(if numbers.is_empty() { 10 } else { 0 });
}
`;

export type Language = {
  name: string;
  source: string;
  /** Ending of the source file. */
  ending: string;
  /** What must be there to compile to WASI, and the package that brings it. */
  needs: readonly [path: string, packageName: string][];
  wasm: readonly string[];
  native: readonly string[];
};

const CLANG: Language['needs'] = [
  ['/usr/bin/clang', 'clang'],
  ['/usr/include/wasm32-wasi', 'wasi-libc'],
];
const STACK = ['-Wl,--strip-all', '-Wl,-z,stack-size=1048576', '-Wl,--stack-first'];

/** The flags are those of docs/scientists/toolchains.md. */
export const LANGUAGES: readonly Language[] = [
  {
    name: 'C',
    source: C,
    ending: '.c',
    needs: CLANG,
    wasm: ['clang', '--target=wasm32-wasi', '-O2', ...STACK],
    native: ['gcc', '-O2'],
  },
  {
    name: 'C++',
    source: CPP,
    ending: '.cpp',
    needs: [...CLANG, ['/usr/include/wasm32-wasi/c++/v1', 'libc++-14-dev-wasm32'], ['/usr/bin/g++', 'g++']],
    wasm: ['clang++', '--target=wasm32-wasi', '-std=c++17', '-O2', '-fno-exceptions', ...STACK],
    native: ['g++', '-std=c++17', '-O2'],
  },
  {
    name: 'Rust',
    source: RUST,
    ending: '.rs',
    needs: [
      ['/usr/bin/rustc', 'rustc'],
      ['/usr/lib/rustlib/wasm32-wasi', 'libstd-rust-dev-wasm32'],
      ['/usr/bin/wasm-ld', 'lld'],
    ],
    wasm: ['/usr/bin/rustc', '--target', 'wasm32-wasi', '-O', '-C', 'linker=wasm-ld', '-C', 'link-arg=--strip-all'],
    native: ['/usr/bin/rustc', '-O'],
  },
];

/** Whether a language can be compiled here; required in continuous integration. */
export function isAvailable({ name, needs }: Language): boolean {
  if (process.env.MANYHANDS_REQUIRE_ALL === '1') return true;
  const missing = needs.filter(([path]) => !existsSync(path)).map(([, packageName]) => packageName);
  if (missing.length > 0) console.warn(`skipped: ${name} programs (install ${missing.join(', ')})`);
  return missing.length === 0;
}

/** Compiles a language's program to a WASI command and to a native program. */
export async function compile({ source, ending, wasm, native }: Language): Promise<{ wasm: string; native: string }> {
  const folder = await temporaryFolder('program');
  const file = join(folder, `program${ending}`);
  await writeFile(file, source);
  const build = async ([compiler = '', ...flags]: readonly string[], output: string): Promise<string> => {
    await run(compiler, [...flags, file, '-o', join(folder, output)]);
    return join(folder, output);
  };
  return { wasm: await build(wasm, 'program.wasm'), native: await build(native, 'program') };
}
