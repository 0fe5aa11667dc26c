// A picture from the bytes of a file.
import {
  controlKind,
  defineValueControl,
  type ControlState,
  type ValueControlClass,
} from "./control.ts";

/** State of a picture. */
export interface ImageState extends ControlState {
  /** The bytes of a file. */
  value: Uint8Array;
  /** The kind of file, such as `"png"` or `"jpeg"`; `"url"` when the bytes are the text of an address. */
  format: string;
  /** In pixels, as text. */
  width: string;
  /** In pixels, as text. */
  height: string;
}

/** A picture that can be replaced. */
export const Image: ValueControlClass<ImageState> = defineValueControl(
  controlKind("Image", undefined, {
    defaults: { value: new Uint8Array(0), format: "png", width: "", height: "" },
  }),
);
/** One `Image`. */
export type Image = InstanceType<typeof Image>;
