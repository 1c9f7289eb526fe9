import { Component, type ComponentChildren } from 'preact';

/** What of the page fails is told in its place; the rest goes on. */
export class Boundary extends Component<{ children: ComponentChildren }, { problem: string | null }> {
  override state = { problem: null };

  static override getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.problem === null) return this.props.children;
    return (
      <p class="message error" role="alert">
        This view failed: {this.state.problem}
      </p>
    );
  }
}
