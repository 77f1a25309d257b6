/** The gateway refuses files that its group can write to, and some systems make all files so. */
export const setup = () => void process.umask(0o022);
