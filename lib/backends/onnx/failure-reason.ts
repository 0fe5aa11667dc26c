// What ONNX Runtime says of a failure, without what concerns its own sources alone.

const STATUS = /^.*Status Message: /s;
/** Where in its own sources ONNX Runtime noticed it. */
const ORIGIN = /^\/\S+ .*\) /s;

/** The part of a message that tells why. */
export function failureReason({ message }: Error): string {
  return message.replace(STATUS, "").replace(ORIGIN, "").trim();
}
