// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity 0.8.37;

/// Gives whoever asks the next number: one counter that every caller reads and writes.
contract Collection {
    uint256 public next; // slot 0
    mapping(uint256 => address) public ownerOf; // slot 1
    mapping(address => uint256) public balanceOf; // slot 2

    event Transfer(address indexed from, address indexed to, uint256 indexed id);

    function mint() external returns (uint256 id) {
        id = next++;
        ownerOf[id] = msg.sender;
        unchecked {
            ++balanceOf[msg.sender]; // at most `next`
        }
        emit Transfer(address(0), msg.sender, id);
    }
}
