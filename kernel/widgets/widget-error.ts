// Wrong use of a widget, as a typed error with a stable code.

/** Why a widget refused something. */
export type WidgetErrorCode = "KERNEL_WIDGET_VALUE" | "KERNEL_WIDGET_CLOSED";

/** Wrong use of a widget: the message tells what was expected, what came, and the fix. */
export class WidgetError extends TypeError {
  override readonly name = "WidgetError";
  readonly code: WidgetErrorCode;

  /**
   * @param code - the stable reason
   * @param message - three parts: what was expected; what came; how to fix it
   */
  constructor(code: WidgetErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
