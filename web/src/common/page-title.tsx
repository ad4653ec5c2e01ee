// The window's title.

export function PageTitle({ text }: { readonly text: string }) {
  return <title>{`${text} · Manyhands`}</title>;
}
