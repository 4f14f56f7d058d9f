// Set up before test files: services that tests start as processes of their own write down what they have executed,
// where the run asks for it. Node hands this variable on to every child; the worker itself has read it long ago.
const folder = process.env['ROLLCALL_CHILD_COVERAGE']
if (folder) process.env['NODE_V8_COVERAGE'] = folder
