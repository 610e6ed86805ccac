import type { TimelineSink } from '../../plan/timeline.ts'

/** Two sinks told of the same. */
export function bothSinks(one: TimelineSink, other: TimelineSink): TimelineSink {
  const sinks = [one, other]
  const tell = (what: (sink: TimelineSink) => void): void => sinks.forEach(what)
  return {
    windowOpens: (atMs) => tell((sink) => sink.windowOpens(atMs)),
    windowCloses: (atMs) => tell((sink) => sink.windowCloses(atMs)),
    step: (segment) => tell((sink) => sink.step(segment)),
    idle: (replica, fromMs, toMs, kind) => tell((sink) => sink.idle(replica, fromMs, toMs, kind)),
    admitted: (request) => tell((sink) => sink.admitted(request)),
    firstToken: (request) => tell((sink) => sink.firstToken(request)),
    ended: (request, atMs) => tell((sink) => sink.ended(request, atMs)),
    recomputed: (replica, tokens) => tell((sink) => sink.recomputed(replica, tokens)),
    fetched: (replica, startMs, endMs, bytes) => tell((sink) => sink.fetched?.(replica, startMs, endMs, bytes)),
    gauge: (replica, atMs, gauge) => tell((sink) => sink.gauge?.(replica, atMs, gauge)),
  }
}
