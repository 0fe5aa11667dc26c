// What the browser tests use of JupyterLab's objects inside the page.

/** One cell of the notebook in front. */
export interface PageCell {
  model: {
    id: string;
    type: string;
    executionCount: number | null;
    executionState?: string;
    stateChanged: { connect(slot: (model: unknown, change: { name: string }) => void): void };
    sharedModel: { getSource(): string; setSource(text: string): void };
    outputs?: { toJSON(): PageOutput[] };
  };
}

/** One saved output. */
export interface PageOutput {
  output_type: string;
  data?: Record<string, unknown>;
  text?: string;
  ename?: string;
  evalue?: string;
}

/** The window of the page. */
export interface LabWindow {
  jupyterapp: {
    name: string;
    commands: { execute(id: string, options?: object): Promise<unknown> };
    restored: Promise<unknown>;
    shell: {
      leftCollapsed: boolean;
      currentWidget: {
        context: { model: { dirty: boolean }; path: string; ready: Promise<unknown> };
        sessionContext: {
          session: {
            kernel: { id: string; status: string; connectionStatus: string } | null;
          } | null;
        };
        content: {
          widgets: PageCell[];
          activeCellIndex: number;
          scrollToItem(index: number, align?: string): Promise<void>;
        };
      } | null;
    };
  };
  /** Distinct texts that a watched place has shown. */
  watched: string[];
  /** Whether the cell that was asked for has begun to run. */
  hasBegun: boolean;
}
