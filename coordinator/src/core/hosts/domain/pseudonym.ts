// The names under which public pages show hosts: made from random bytes, so that they say nothing about key, machine or place.

const QUALITIES = (
  'amber brave brisk calm clear clever coral cosmic crisp dapper eager early earnest fair fern gentle glad golden grand green happy hazel ' +
  'honest humble indigo ivory jade jolly keen kind lilac lively loyal lucid lunar maple mellow merry misty modest neat nimble noble olive ' +
  'patient pearl placid polar proud quick quiet rapid rosy royal sage'
).split(' ');
const ANIMALS = (
  'ant badger bat bear beaver bee bison crane cricket crow deer dolphin dove duck eagle egret elk falcon ferret finch fox frog gecko goose ' +
  'hare hawk hedgehog heron ibex ibis jay kestrel kite koala lark lemur lion lynx magpie marten mole moose mouse newt otter owl panda ' +
  'pelican perch pika plover puffin quail rabbit raven robin'
).split(' ');

/** A name such as `quiet-otter-4f2a`, from at least 4 random bytes. */
export function pseudonymOf(random: Uint8Array): string {
  const [first = 0, second = 0, third = 0, fourth = 0] = random;
  const suffix = ((third << 8) | fourth).toString(16).padStart(4, '0');
  return `${QUALITIES[first % QUALITIES.length]}-${ANIMALS[second % ANIMALS.length]}-${suffix}`;
}
