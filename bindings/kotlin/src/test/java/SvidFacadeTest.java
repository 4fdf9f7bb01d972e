import dev.mote.validator.MoteException;
import dev.mote.validator.svid.Epoch;
import dev.mote.validator.svid.Expected;
import dev.mote.validator.svid.Fault;
import dev.mote.validator.svid.Native;
import dev.mote.validator.svid.Outcome;
import dev.mote.validator.svid.Request;
import dev.mote.validator.svid.Rows;
import dev.mote.validator.svid.ShareChecker;
import dev.mote.validator.svid.ShareVerdict;
import dev.mote.validator.svid.Svid;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** SVID as Java sees it, with null everywhere, and the native functions behind its back. */
final class SvidFacadeTest {
    private interface Body {
        void run() throws Exception;
    }

    private static int checks;

    private static void check(boolean holds) {
        ++checks;
        if (!holds) {
            throw new AssertionError("it does not hold");
        }
    }

    private static void throwing(Class<? extends Throwable> type, Body body) {
        ++checks;
        try {
            body.run();
        } catch (Throwable e) {
            if (!type.isInstance(e)) {
                throw new AssertionError("not " + type, e);
            }
            return;
        }
        throw new AssertionError("nothing thrown, not " + type);
    }

    private static final byte[] NONE = {};
    private static final byte[] DIGEST = new byte[32];
    private static final long[] STAKES = {1, 1, 1, 1};

    public static void main(String[] arguments) throws MoteException {
        useIt();
        passNull();
        callNative();
        System.out.println("All tests passed (" + checks + " assertions in 3 test cases)");
    }

    private static void useIt() throws MoteException {
        Expected expected = new Expected(DIGEST, 1, 2, 3, DIGEST);
        check(expected.getBlockBytesMax() == Svid.BLOCK_BYTES_MAX);
        try (Epoch epoch = Epoch.open(DIGEST, STAKES, new byte[4 * Epoch.PUBLIC_KEY_BYTES])) {
            check(epoch.params(1).getDataRows() == 1);
            int rows = 0;
            for (int v = 0; v < 4; ++v) {
                rows += epoch.assignedRows(1, 1, 2, v).getCount();
            }
            check(rows >= epoch.params(1).getRows());
            List<Rows> messages = Collections.singletonList(new Rows(0, 1, NONE));
            ShareVerdict no = Svid.checkShare(
                    epoch, expected, Request.validator(0), NONE, null, messages);
            check(no.getOutcome() == Outcome.REJECTED && no.getStep() == 1);
            check(no.getFault() == Fault.E_HEADER && no.getRow() == null);
        }
        check(Svid.sampleRows(100).length == Svid.SAMPLES_DEFAULT);
        check(Svid.failureBound(1, 4, 2) == 0);
        Fault[] faults = Fault.values();
        for (int i = 0; i + 1 < faults.length; ++i) {
            check(Native.text(1, i + 1).equals(faults[i].name()));
        }
        check(Native.text(1, faults.length).equals("unknown"));
        for (Outcome outcome : Outcome.values()) {
            check(Native.text(0, outcome.ordinal()).equalsIgnoreCase(outcome.name()));
        }
    }

    private static void passNull() throws MoteException {
        Class<? extends Throwable> type = NullPointerException.class;
        Epoch epoch = Epoch.open(DIGEST, STAKES);
        Expected expected = new Expected(DIGEST, 1, 2, 3, DIGEST);
        Request request = Request.rows(new int[0]);
        throwing(type, () -> Epoch.open(null, STAKES));
        throwing(type, () -> Epoch.open(DIGEST, null));
        throwing(type, () -> new Expected(null, 1, 2, 3, DIGEST));
        throwing(type, () -> new Expected(DIGEST, 1, 2, 3, null));
        throwing(type, () -> Request.rows(null));
        throwing(type, () -> new Rows(0, 1, null));
        throwing(type, () -> new ShareChecker(null, expected, request, NONE));
        throwing(type, () -> new ShareChecker(epoch, null, request, NONE));
        throwing(type, () -> new ShareChecker(epoch, expected, null, NONE));
        throwing(type, () -> new ShareChecker(epoch, expected, request, null));
        ShareChecker checker = new ShareChecker(epoch, expected, request, NONE);
        throwing(type, () -> checker.appendZ((byte[]) null));
        throwing(type, () -> checker.appendZ((ByteBuffer) null));
        throwing(type, () -> checker.appendRows((byte[]) null));
        throwing(type, () -> checker.appendRows((ByteBuffer) null));
        throwing(type, () -> checker.beginRows(0, 1, 1, null, NONE));
        throwing(type, () -> checker.beginRows(0, 1, 1, NONE, null));
        List<Rows> nulls = Collections.singletonList(null);
        throwing(type, () -> Svid.checkShare(epoch, expected, request, NONE, NONE, null));
        throwing(type, () -> Svid.checkShare(epoch, expected, request, NONE, NONE, nulls));
        throwing(type, () -> Svid.describeHeader(null));
        throwing(type, () -> Svid.equivocates(DIGEST, null, NONE));
        throwing(type, () -> Svid.equivocates(DIGEST, NONE, null));
        throwing(type, () -> Svid.checkBadRow(epoch, DIGEST, NONE, null, NONE));
        throwing(type, () -> Svid.checkBadRow(epoch, DIGEST, NONE, new Rows(0, 1, NONE), null));
        throwing(type, () -> Svid.reconstruct(null, new HashMap<>()));
        throwing(type, () -> Svid.reconstruct(NONE, null));
        check(Svid.sampleRows(9, 9, null).length == 9);
    }

    /** Not for users; whoever gets here all the same gets an exception. */
    private static void callNative() throws MoteException {
        Class<? extends Throwable> type = IllegalArgumentException.class;
        ByteBuffer direct = ByteBuffer.allocateDirect(1 << 20);
        ByteBuffer heap = ByteBuffer.allocate(1 << 20);
        long[] one = new long[1];
        int[] four = new int[4];
        throwing(type, () -> Native.epochSize(4, null));
        throwing(type, () -> Native.epochSize(4, new long[2]));
        check(Native.epochSize(-1, one) == 3);
        throwing(type, () -> Native.epochOpen(null, DIGEST, STAKES, null, one));
        throwing(type, () -> Native.epochOpen(heap, DIGEST, STAKES, null, one));
        throwing(type, () -> Native.epochOpen(direct, NONE, STAKES, null, one));
        throwing(type, () -> Native.epochOpen(direct, DIGEST, null, null, one));
        throwing(type, () -> Native.epochOpen(direct, DIGEST, STAKES, null, null));
        ByteBuffer small = ByteBuffer.allocateDirect(32);
        check(Native.epochOpen(small, DIGEST, STAKES, null, one) == 4);
        throwing(type, () -> Native.headerDescribe(NONE, new long[6], new byte[192]));
        throwing(type, () -> Native.headerDescribe(NONE, new long[7], new byte[191]));
        check(Native.headerDescribe(null, new long[7], new byte[192]) == 2);

        check(Native.epochOpen(direct, DIGEST, STAKES, null, one) == 0);
        long epoch = one[0];
        long[] numbers = new long[4];
        byte[] digests = new byte[64];
        int[] rows = {0};
        throwing(type, () -> Native.params(direct, epoch, 1, new long[5]));
        throwing(type, () -> Native.assignedRows(direct, epoch, 1, 0, 0, 0, new int[1]));
        throwing(type, () -> Native.shareSize(
                direct, epoch, new long[3], digests, 0, rows, NONE, one, four));
        throwing(type, () -> Native.shareSize(
                direct, epoch, numbers, new byte[63], 0, rows, NONE, one, four));
        throwing(type, () -> Native.shareSize(
                direct, epoch, numbers, digests, -1, null, NONE, one, four));
        throwing(type, () -> Native.shareSize(
                direct, epoch, numbers, digests, 0, rows, NONE, one, new int[3]));
        check(Native.shareSize(direct, epoch, numbers, digests, 0, rows, null, one, four) == 0);
        check(one[0] == 0 && four[2] == 1);
        throwing(type, () -> Native.shareOpen(
                heap, direct, epoch, numbers, digests, 0, rows, NONE, one));
        throwing(type, () -> Native.checkBadRow(direct, direct, epoch, NONE, NONE, 0, 1, NONE,
                NONE, NONE, NONE, new int[2], digests));
        throwing(type, () -> Native.checkBadRow(direct, direct, epoch, DIGEST, NONE, 0, 1, NONE,
                NONE, NONE, NONE, new int[2], new byte[63]));
        for (long address : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            throwing(type, () -> Native.params(direct, address, 1, new long[6]));
            throwing(type, () -> Native.beginSource(direct, address));
            throwing(type, () -> Native.appendZ(direct, address, NONE, 0, 0));
            throwing(type, () -> Native.endZ(direct, address));
            throwing(type, () -> Native.beginRows(direct, address, 0, 1, 1, NONE, NONE));
            throwing(type, () -> Native.appendRows(direct, address, NONE, 0, 0));
            throwing(type, () -> Native.endRows(direct, address));
            throwing(type, () -> Native.verdict(direct, address, four));
            throwing(type, () -> Native.holds(direct, address, 0));
        }
        throwing(type, () -> Native.sampleRows(null, 1, DIGEST));
        throwing(type, () -> Native.sampleRows(rows, 1, NONE));
        check(Native.sampleRows(new int[2], 1, DIGEST) == 3);
        throwing(type, () -> Native.sampleBound(1, 1, 1, new double[2]));
        throwing(type, () -> Native.badRowSize(null));
        throwing(type, () -> Native.equivocates(DIGEST, NONE, NONE, new byte[63]));
        throwing(type, () -> Native.equivocates(NONE, NONE, NONE, digests));
        throwing(type, () -> Native.reconstructSize(NONE, null));
        check(Native.reconstructSize(NONE, one) == 2);
        byte[][] none = {null};
        throwing(type, () -> Native.reconstruct(direct, NONE, null, none, NONE));
        throwing(type, () -> Native.reconstruct(direct, NONE, rows, null, NONE));
        throwing(type, () -> Native.reconstruct(direct, NONE, rows, none, null));
        throwing(type, () -> Native.reconstruct(direct, NONE, new int[2], none, NONE));
        throwing(type, () -> Native.reconstruct(heap, NONE, rows, none, NONE));
        check(Native.reconstruct(direct, null, rows, none, NONE) == -2);
        check(!Native.statusText(3).isEmpty());
        Map<Integer, byte[]> withNull = new HashMap<>();
        withNull.put(null, NONE);
        throwing(Exception.class, () -> Svid.reconstruct(NONE, withNull));
    }
}
