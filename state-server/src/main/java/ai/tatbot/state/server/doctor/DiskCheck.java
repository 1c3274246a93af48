package ai.tatbot.state.server.doctor;

import java.util.ArrayList;
import java.util.List;

/** Whether Redis could write to its disk when it last tried. */
final class DiskCheck extends Check {
    DiskCheck() {
        super(Part.REDIS, "disk");
    }

    @Override
    Result examine(Examination examination) {
        InfoText info = examination.info();
        List<String> failed = new ArrayList<>();
        note(info, "aof_last_write_status", "the last write to the append-only file failed", failed);
        note(info, "rdb_last_bgsave_status", "the last snapshot failed", failed);
        note(info, "aof_last_bgrewrite_status", "the last rewrite of the append-only file failed", failed);
        return failed.isEmpty()
                ? Result.ok("what Redis wrote last was written")
                : Result.fail(
                        Words.some(failed, 3),
                        "Look at the log of Redis, at the free space (df) and at the owner of its data folder. Redis may refuse writes"
                                + " until it succeeds (BGSAVE, BGREWRITEAOF).");
    }

    private static void note(InfoText info, String name, String words, List<String> failed) {
        if (!info.text(name).orElse("ok").equals("ok")) {
            failed.add(words);
        }
    }
}
