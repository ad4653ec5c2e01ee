// Charts are drawn in real pixels: an SVG that holds text is never scaled.
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** The inner width of the element that gets `ref`, in whole pixels; 0 before the first layout. */
export function useWidth<T extends HTMLElement>(): { ref: RefObject<T | null>; width: number } {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
