// ELK in a thread of its own: some hundred services take it a second, and no window must wait for that.
// Its worker build listens to messages by itself; layoutEngine.ts speaks to it.
import 'elkjs/lib/elk-worker.min.js';
