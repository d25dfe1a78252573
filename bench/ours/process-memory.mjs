/** Memory of a process and its children, as Linux counts it. */
import { readFileSync } from 'node:fs';

function processes(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(children === '' ? [] : children.split(' ').flatMap((child) => processes(Number(child))))];
}

const bytesOf = (pid, name) =>
  Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
const total = (pid, name) => processes(pid).reduce((sum, each) => sum + bytesOf(each, name), 0);

/** Bytes that are resident now. */
export const residentBytes = (pid) => total(pid, 'VmRSS');
/** Most bytes that were ever resident. */
export const peakBytes = (pid) => total(pid, 'VmHWM');
